"""A scripted labelling session that is to be killed: ``python kill_me.py PROJECT SEED``.

It tells each edit on stdout once the editor has acknowledged it: its place, as the label's comment.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.services.sessions.assign import assign
from labelloop.storage.opening import open_project
from labelloop.storage.saving import Saver


def main() -> None:
    """Label, assign and save until somebody ends it."""
    rng = random.Random(int(sys.argv[2]))
    store = open_project(Path(sys.argv[1]), "kill_me")
    ids = list(store.project.state.sessions)
    saver = Saver(store)
    for number in range(1_000_000):
        session = store.project.session(rng.choice(ids))
        name = f"{sys.argv[2]}-{number}"
        label = Label(round(rng.uniform(0, 9), 3), 0.1, "up", comment=name)
        store.editor.apply(EditLabels(session.id, "label", (), (label,)))
        print(name, flush=True)
        if rng.random() < 0.1:
            assign(store.editor, [session], rng.choice(["train", "test", "validation"]))
        if rng.random() < 0.2:
            saver.save()


if __name__ == "__main__":
    main()
