"""The runner: execute the notebooks, collect and judge their answers, make pages of them."""
