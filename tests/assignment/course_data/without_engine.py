"""The fetch as a process that doesn't spend seconds on importing an engine."""

from __future__ import annotations

import sys

from assignment.course_data import command_line, fetch

if __name__ == "__main__":
    fetch.load_engine = lambda: None
    sys.exit(command_line.main())
