"""A pool published from its page: which items, in which languages, with which rehearsal before it."""
