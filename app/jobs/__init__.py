"""Jobs as folders: create, launch, follow, stop, list."""
