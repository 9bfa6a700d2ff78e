"""The project and session files of DEEPCRAFT Studio."""
