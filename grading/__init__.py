"""The grader: run any submission within bounds and judge what it computed."""
