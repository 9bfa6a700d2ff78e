"""How things last: journal, lock, atomic files, signal cache."""
