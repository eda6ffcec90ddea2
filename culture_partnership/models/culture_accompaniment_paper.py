from odoo import models

from ..tools.day_words import day_in_words
from .culture_beneficiary_barrier import LIFTED

IN_FULL = "EEEE d MMMM y"


class CultureAccompaniment(models.Model):
    """The plan on paper, for the person: what they say first, nothing of the office.

    It bears the name that they go by and no other: a paper is left lying about.
    """

    _inherit = "culture.accompaniment"

    def _plan_page(self):
        """What the paper says; to print it is an opening of the file.

        :return: dict of plain texts, of lists of them, and of dicts for the goals
        :raise AccessError: when the plan is not open to the user
        """
        self.ensure_one()
        self.log_opening()
        person = self.beneficiary_id
        agreed = self.agreed_date and day_in_words(self.env, self.agreed_date, IN_FULL)
        return {
            "called": person.chosen_name or person.first_name or "",
            "title": self.env._("My former plan")
            if self.date_end
            else self.env._("My plan"),
            "day": self._paper_day(),
            "words": self.words,
            "wishes": self._paper_wishes(),
            "goals": [goal._paper_lines() for goal in self.goal_ids],
            "barriers": self._paper_barriers(),
            "who_does_what": self.who_does_what,
            "review": self._day_in_full(self.review_date),
            "who": self._paper_people(),
            "agreed": agreed and self.env._("Reread together on %(day)s.", day=agreed),
        }

    def _paper_day(self):
        """Today, of the plan that is followed; of a former one, its own days."""
        if not self.date_end:
            return self._day_in_full(self.company_id._culture_today())
        first, last = (
            day_in_words(self.env, day, "d MMMM y")
            for day in (self.date_start, self.date_end)
        )
        return self.env._("From %(first)s to %(last)s", first=first, last=last)

    def _day_in_full(self, day):
        words = day and day_in_words(self.env, day, IN_FULL)
        return words and words[:1].upper() + words[1:]

    def _paper_wishes(self):
        what = self.wish_what if self.date_end else self._names_of_wishes()
        wishes = (
            (self.env._("What:"), what),
            (self.env._("With whom:"), self.wish_with),
            (self.env._("When:"), self.wish_when),
            (self.env._("Where:"), self.wish_where),
        )
        return [wish for wish in wishes if wish[1]]

    def _names_of_wishes(self):
        return ", ".join(self.discipline_ids.mapped("name"))

    def _paper_barriers(self):
        if self.date_end:
            return (self.barriers_then or "").splitlines()
        sentences = []
        for line in self.barrier_line_ids:
            names = {"barrier": line.barrier_id.name, "lever": line.lever_id.name}
            if line.state == LIFTED:
                text = self.env._(
                    "%(barrier)s: it does not hold back any more.", **names
                )
            elif line.lever_id:
                text = self.env._("%(barrier)s. What helps: %(lever)s.", **names)
            else:
                text = self.env._("%(barrier)s.", **names)
            sentences.append(text)
        return sentences

    def _paper_people(self):
        """Whom to ask. sudo: names of two cards, of a plan that the user reads."""
        plan = self.sudo()
        phone = plan.structure_id.phone
        lines = [
            plan.referent_id
            and self.env._(
                "I am accompanied by: %(name)s.", name=plan.referent_id.name
            ),
            plan.relay_id
            and self.env._(
                "For the outings: %(name)s.", name=plan.relay_id.display_name
            ),
            phone and self.env._("A question? Call %(phone)s.", phone=phone),
        ]
        return list(filter(None, lines))
