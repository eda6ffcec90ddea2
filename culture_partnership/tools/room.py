"""What is left of an outing when some of its places are kept for structures."""


class Room:
    """Places of an outing: all, taken, and kept for structures that have a quota.

    A structure takes what is kept for it first, and beyond that of the common places
    like everybody. What it has not taken is not given to others.
    """

    def __init__(self, seats, taken, shares=None):
        """Start from what is counted.

        :param seats: places in all
        :param taken: places taken, whoever has them
        :param shares: (places kept, places taken) by structure id
        """
        self.seats = seats
        self.taken = taken
        self.shares = dict(shares or {})

    def kept(self):
        """Places that are kept for somebody and not taken yet.

        :return: number
        """
        return sum(max(kept - taken, 0) for kept, taken in self.shares.values())

    def left_for(self, structure_id):
        """How many places a structure may still take.

        :param structure_id: id, with a quota or without
        :return: number, 0 at least
        """
        free = max(self.seats - self.taken, 0)
        kept, taken = self.shares.get(structure_id, (0, 0))
        mine = max(kept - taken, 0)
        return max(min(mine, free), self.seats - self.taken - self.kept() + mine, 0)

    def take(self, wanted):
        """Count places as taken, whether there is room or not.

        :param wanted: places by structure id
        """
        for structure_id, seats in wanted.items():
            self.taken += seats
            if structure_id in self.shares:
                kept, taken = self.shares[structure_id]
                self.shares[structure_id] = (kept, taken + seats)

    def is_fair_to(self, structure_ids):
        """Whether these, with what they have now, leave the others what is kept.

        Within its own quota nobody takes from another; that places are enough for all
        quotas is not asked of who takes first.

        :param structure_ids: of those who have just taken places
        :return: bool
        """
        within = all(
            structure_id in self.shares
            and self.shares[structure_id][1] <= self.shares[structure_id][0]
            for structure_id in structure_ids
        )
        return within or self.taken + self.kept() <= self.seats

    def fits(self, wanted):
        """Whether there is room for places wanted together.

        :param wanted: places by structure id
        :return: bool
        """
        after = Room(self.seats, self.taken, self.shares)
        after.take(wanted)
        return after.taken <= after.seats and after.is_fair_to(wanted)
