"""The models: nearest neighbors and the logistic classifier."""
