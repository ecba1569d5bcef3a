"""`import turicreate` gives turilite where this folder is on the path (see README.md)."""

import turilite.as_turicreate  # noqa: F401 - puts turilite in this module's place
