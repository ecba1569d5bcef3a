"""JupyterLab as `make lab` opens it: its configuration, and what that mends in the server."""
