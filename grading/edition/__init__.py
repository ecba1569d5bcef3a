"""The students' edition of the notebooks, and the nbgrader course that grades it."""
