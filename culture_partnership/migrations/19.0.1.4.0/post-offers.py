"""Places offered before offers had an end: to whom they are not offered again."""


def migrate(cr, version):
    """Note on each registration when a place was offered, from its history.

    Run twice, it finds nothing left to note. Offers that stand without an end stay as
    they are: nobody told those persons of a day by which to answer.
    """
    if not version:
        return
    cr.execute(
        """
        UPDATE culture_registration line
           SET offered_at = log.date
          FROM (SELECT registration_id, max(date) AS date
                  FROM culture_registration_log
                 WHERE state_to = 'offered' AND state_from IS DISTINCT FROM 'offered'
                 GROUP BY registration_id) log
         WHERE log.registration_id = line.id AND line.offered_at IS NULL
        """
    )
