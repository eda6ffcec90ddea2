import re
from collections import defaultdict

from ..tools.texts import key

PARTS_OF_PLACE = re.compile(r"\s*[,;(|]\s*|\s+[-–—]\s+")
WORDS = re.compile(r"[^\W\d_]+")


class Places:
    """Finds the venue that the words of a programme mean."""

    def __init__(self, outings, of_company, default):
        """:param outings: empty ``culture.outing`` recordset
        :param of_company: domain of the outings of the company
        :param default: id of the venue of lines that name none, or False
        """
        self.env = outings.env
        self.outings = outings
        self.of_company = of_company
        self.default = default

    def find(self, rows, known):
        """Give each line its venue: chosen, remembered, found by name or by default.

        One answer of the user is enough for all lines that say the same.
        """
        chosen = {
            row["venue_text"]: row["venue_id"] for row in rows if row["venue_given"]
        }
        open_rows = [row for row in rows if not row["venue_given"]]
        texts = {row["venue_text"] for row in open_rows} - {False} - chosen.keys()
        remembered = self._remembered_venues(texts)
        named = self._named_venues(texts - remembered.keys())
        for row in open_rows:
            text = row["venue_text"]
            outing = known.get(row["uid"])
            if outing and outing.venue_id and (outing.source_venue or False) == text:
                row["venue_id"] = outing.venue_id.id
            elif text:
                row["venue_id"] = (
                    chosen.get(text) or remembered.get(text) or named.get(text, False)
                )
            else:
                row["venue_id"] = self.default

    def _remembered_venues(self, texts):
        """Venues that these words meant in an earlier import."""
        if not texts:
            return {}
        outings = self.outings.search(
            [
                *self.of_company,
                ("source_venue", "in", sorted(texts)),
                ("venue_id", "!=", False),
            ],
            order="id",
        )
        return {outing.source_venue: outing.venue_id.id for outing in outings}

    def _named_venues(self, texts):
        """Organisations that bear these names, or the name before a comma."""
        if not texts:
            return {}
        partners = self.env["res.partner"]
        companies = [("company_id", "in", (False, self.outings.env.company.id))]
        query = partners._search([("is_company", "=", True), *companies])
        by_name = defaultdict(list)
        columns = [
            partners._field_to_sql(query.table, name, query) for name in ("id", "name")
        ]
        for id_, name in self.env.execute_query(query.select(*columns)):
            by_name[key(name)].append(id_)
        candidates = {
            text: next(
                (
                    by_name[key(part)]
                    for part in (text, *PARTS_OF_PLACE.split(text)[:2])
                    if key(part) and key(part) in by_name
                ),
                [],
            )
            for text in texts
        }
        several = {id_ for ids in candidates.values() if len(ids) > 1 for id_ in ids}
        used = set()
        if several:
            groups = self.outings._read_group(
                [*self.of_company, ("venue_id", "in", sorted(several))], ["venue_id"]
            )
            used = {venue.id for (venue,) in groups}
        named = {}
        for text, ids in candidates.items():
            if len(ids) > 1:
                ids = [id_ for id_ in ids if id_ in used]
            if len(ids) == 1:
                named[text] = ids[0]
        return named


def disciplines(env, of_company):
    """A function that finds the discipline that some words name.

    :param of_company: domain of the disciplines of the company
    :return: function from text to id or False
    """
    found = {}
    words = defaultdict(set)
    for discipline in env["culture.discipline"].search(of_company):
        found[key(discipline.name)] = discipline.id
        for word in WORDS.findall(discipline.name):
            if len(word) > 3:
                words[key(word)].add(discipline.id)

    def find(text):
        for part in re.split(r"\s*[,;/|]\s*", text):
            if key(part) in found:
                return found[key(part)]
            if len(words.get(key(part), ())) == 1:
                return next(iter(words[key(part)]))
        return False

    return find
