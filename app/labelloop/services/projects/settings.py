"""A user's own settings: glyphs and the last project, in the user's configuration."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from platformdirs import user_config_path

from labelloop.contract.values import parsed
from labelloop.errors import UserError
from labelloop.formats.opening import open_regular
from labelloop.storage.atomic import replace_file

_MOST_BYTES = 1 << 20


@dataclass
class Settings:
    """``glyphs`` is empty until chosen; ``recent`` names project files, the last one first."""

    glyphs: str = ""
    recent: tuple[str, ...] = ()

    def opened(self, project: Path) -> Settings:
        """With a project as the last one."""
        others = (p for p in self.recent if p != str(project))
        return Settings(self.glyphs, (str(project), *others)[:20])


def settings_file() -> Path:
    """Where the settings are kept."""
    return Path(user_config_path("labelloop")) / "settings.json"


def load_settings() -> Settings:
    """The settings; fresh ones when there are none or they can't be read."""
    try:
        with open_regular(settings_file()) as file:
            data = parsed(file.read(_MOST_BYTES))
        return Settings(str(data.get("glyphs", "")), tuple(map(str, data.get("recent", ()))))
    except (OSError, UserError, ValueError, AttributeError, TypeError):
        return Settings()


def save_settings(settings: Settings) -> None:
    """Keep the settings; a place where they can't be kept is no reason to stop."""
    try:
        settings_file().parent.mkdir(parents=True, exist_ok=True)
        replace_file(settings_file(), json.dumps(asdict(settings)).encode())
    except (UserError, OSError):
        return
