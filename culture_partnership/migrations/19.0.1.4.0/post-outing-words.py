"""Outings that are over: nobody was asked for a word on them before."""


def migrate(cr, version):
    """Let none of them be owed a report all at once. Run twice, it does nothing."""
    if not version:
        return
    cr.execute(
        """
        UPDATE culture_outing SET word_date = date_end::date
         WHERE date_end <= now() AT TIME ZONE 'UTC' AND state <> 'draft'
           AND NOT EXISTS (SELECT 1 FROM culture_outing WHERE word_date IS NOT NULL)
        """
    )
