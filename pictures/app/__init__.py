"""The page of `make app`: one's own picture in, the similar pictures of a data set out.

similar  which pictures are similar: computing, no display
cards    what the page shows, as HTML
upload   a field to choose a picture or drop one, with its script
page     the widgets, put together

Voila shows the notebook of this folder, whose only cell makes the page.
"""
