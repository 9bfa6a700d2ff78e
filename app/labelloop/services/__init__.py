"""One function a use case, called by the app and by the command line."""
