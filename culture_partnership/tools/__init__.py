"""Reading what others wrote, and a few words: plain Python, without any model.

Files come from venues, calendars and spreadsheets that nobody here controls. What
reads them stands apart from the models, so that it can be tried on its own, and
each step is bounded: no file may hold a worker.
"""
