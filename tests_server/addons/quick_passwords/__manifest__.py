{
    "name": "Quick passwords",
    "summary": "For tests that log in often: passwords are hashed in one round",
    "version": "19.0.1.0.0",
    "author": "The culture_partnership contributors",
    "license": "AGPL-3",
    "depends": ["base"],
    "installable": False,
}
