"""SArray and SFrame: columns with Turi Create's names, text and files."""
