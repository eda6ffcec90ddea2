def pre_init_hook(env):
    """Give PostgreSQL the index that keeps a person from two places at once.

    ``btree_gist`` is a trusted extension: the owner of the database may create it.
    """
    env.cr.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")


def uninstall_hook(env):
    """Leave nothing behind: this table has no model that the host would drop."""
    env.cr.execute("DROP TABLE IF EXISTS culture_portal_try")
