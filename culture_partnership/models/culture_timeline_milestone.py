from odoo import api, models

from .culture_beneficiary_milestones import MILESTONES


class CultureTimelineMilestone(models.AbstractModel):
    """A milestone as the thread of a person's file tells it.

    It has no table: it is read in the registration by which it was reached. The id says
    which milestone of which registration, as the thread asks for one of each model.
    """

    _name = "culture.timeline.milestone"
    _description = "Milestone"

    @api.model
    def _of(self, kind, line_id):
        """The milestone that a registration is.

        :param kind: one of :data:`MILESTONES`
        :param line_id: id of a ``culture.registration``
        :return: a record without a row
        """
        return self.browse(line_id * len(MILESTONES) + MILESTONES.index(kind))

    def _timeline_lines(self):
        """Milestones as the thread shows them.

        :return: dict of dicts by id
        """
        return {
            milestone.id: {
                "icon": "fa-flag-o",
                "title": self.env._(
                    "Milestone: %(what)s",
                    what=self._words()[MILESTONES[milestone.id % len(MILESTONES)]],
                ),
            }
            for milestone in self
        }

    @api.model
    def _words(self):
        """Milestones in the words of the thread.

        :return: dict of translated texts by kind
        """
        return {
            "outing": self.env._("first outing"),
            "alone": self.env._("first outing without a relay"),
            "warned": self.env._("first cancellation announced by the person"),
            "proposed": self.env._("first outing proposed by the person"),
        }
