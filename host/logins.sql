-- Who holds which role, where, at this moment. In the demonstration a password is the
-- login; the label of a role is the one that the screens show.
WITH holder AS (
    SELECT s.sequence, u.share, u.login, p.name AS structure,
           coalesce(s.name ->> 'fr_FR', s.name ->> 'en_US')
               || CASE WHEN u.share THEN ' (portail)' ELSE '' END AS role
      FROM culture_role r
      JOIN res_users u ON u.id = r.user_id
      JOIN res_partner p ON p.id = r.partner_id
      JOIN ir_model_fields f ON f.model = 'culture.role' AND f.name = 'role'
      JOIN ir_model_fields_selection s ON s.field_id = f.id AND s.value = r.role
     WHERE u.active
       AND u.login <> 'admin'
       AND r.date_start <= now() AT TIME ZONE 'UTC'
       AND (r.date_end IS NULL OR r.date_end > now() AT TIME ZONE 'UTC')
     UNION ALL
    SELECT 1000, false, 'admin', '', 'Odoo'
)
SELECT role AS "Role", login AS "Login", login AS "Password", structure AS "Structure"
  FROM holder
 ORDER BY sequence, share, login;
