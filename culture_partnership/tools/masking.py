"""Which figures of a group are shown: none from which a single person comes out.

What is not shown cannot be found again either: not from the total, not from what is
left of it, not from knowing how it was decided.
"""

from itertools import combinations

FEWEST_INSIDE = 5
"""Persons on whom a figure rests at least, inside the organisation."""


def mask(counts, fewest=FEWEST_INSIDE):
    """Hide the figures of a row that rest on too few persons.

    A figure of nought is hidden like a small one: that nobody is in it says something
    of everybody. What is hidden rests together on enough persons, else the total less
    the others would be such a figure. And the last figure is hidden with the first one
    that is: were the hidden ones always the small ones, three of four at most each
    could only be four, if they make twelve.

    :param counts: list of numbers of distinct persons, each person in one of them
    :param fewest: persons on whom a figure rests at least
    :return: list of the same length, None for what is hidden
    """
    if all(count >= fewest for count in counts):
        return [*counts]
    places = range(len(counts) - 1)
    for size in range(len(places) - 1, 0, -1):
        for shown in combinations(places, size):
            hidden = sum(counts) - sum(counts[n] for n in shown)
            if hidden >= fewest and all(counts[n] >= fewest for n in shown):
                return [counts[n] if n in shown else None for n in range(len(counts))]
    return [None] * len(counts)
