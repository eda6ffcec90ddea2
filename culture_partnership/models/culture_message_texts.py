"""What persons are told, as shipped: French, the administrator's afterwards.

Not a word on who invites, or why: others read telephones and letter boxes.
"""

KINDS = [
    ("confirmation", "Confirmation"),
    ("week", "A week before"),
    ("eve", "The day before"),
    ("open_end", "Two weeks before the end"),
    ("change", "Change"),
    ("cancellation", "Cancellation"),
    ("offer", "Place offered"),
]

MESSAGE_KINDS = [*KINDS, ("called_off", "Cancellation that is not the venue’s")]
"""The venue is not said to cancel what the structure has cancelled."""

DEFAULTS = {
    ("confirmation", "sms"): (
        "",
        "C'est noté : {titre}, {jour} à {heure}. Détails : {lien} Une question ? {tel}",
    ),
    ("week", "sms"): (
        "",
        "Bonjour, {jour} à {heure} : {titre}. Vous venez ? Dites-le ici : {lien} ou "
        "{tel}",
    ),
    ("eve", "sms"): (
        "",
        "Demain {heure} : {titre}. Rendez-vous {rdv}. Un imprévu ? {lien} ou {tel}",
    ),
    ("open_end", "sms"): (
        "",
        "Votre invitation : {titre}, jusqu'au {jour}. De l'aide pour y aller ? {lien} "
        "ou {tel}",
    ),
    ("change", "sms"): (
        "",
        "Changement : {titre}, c'est {nouveau}. Vous venez ? {lien} ou {tel}",
    ),
    ("cancellation", "sms"): (
        "",
        "Le lieu annule : {titre}, {jour}. Vous n'avez rien à faire. Nous vous "
        "proposerons autre chose. Une question ? {tel}",
    ),
    ("called_off", "sms"): (
        "",
        "Changement : {titre}, {jour}, n'aura pas lieu. Vous n'avez rien à faire. Nous "
        "vous proposerons autre chose. Une question ? {tel}",
    ),
    ("offer", "sms"): (
        "",
        "Une place pour vous : {titre}, {jour} {heure}. Réponse avant {limite} : "
        "{lien} ou {tel}",
    ),
    ("confirmation", "email"): (
        "Votre sortie du {jour}",
        "Bonjour, c’est noté : {places} pour {titre}, {jour} à {heure}, {lieu}.\n"
        "Rendez-vous {rdv}.\n"
        "{accueil}\n"
        "Si vous ne pouvez pas venir, dites-le avant le {limite} : une autre personne "
        "pourra en profiter.\n"
        "[Voir et répondre]\n"
        "Une question ? {tel}",
    ),
    ("week", "email"): (
        "Dans une semaine : {titre}",
        "Bonjour, {titre}, c’est {jour} à {heure}, {lieu}.\n"
        "Venez-vous toujours ?\n"
        "[Répondre]\n"
        "Vous préférez en parler ? Appelez le {tel}.",
    ),
    ("eve", "email"): (
        "Demain : {titre}",
        "Bonjour, c’est demain à {heure}.\n"
        "Rendez-vous {rdv}.\n"
        "{accueil}\n"
        "Pour venir : {transport}\n"
        "À l’entrée : {entree}\n"
        "Un imprévu ? [Répondre] ou {tel}.\n"
        "Demain, appelez le {tel_jour}.",
    ),
    ("open_end", "email"): (
        "Encore deux semaines : {titre}",
        "Bonjour, votre invitation pour {titre}, {lieu}, est valable jusqu’au {jour}.\n"
        "Vous y allez quand vous voulez.\n"
        "Vous voulez de l’aide pour y aller ? [Répondre] ou {tel}",
    ),
    ("change", "email"): (
        "Changement : {titre}",
        "Bonjour, {titre} change.\n"
        "Avant : {ancien}.\n"
        "Maintenant : {nouveau}.\n"
        "Vos places sont gardées.\n"
        "Venez-vous ? [Répondre] ou {tel}",
    ),
    ("cancellation", "email"): (
        "{titre} n’aura pas lieu",
        "Bonjour, le lieu annule la date du {jour} : {titre}.\n"
        "Vous n’avez rien à faire.\n"
        "Nous vous proposerons une autre sortie.\n"
        "Une question ? {tel}",
    ),
    ("called_off", "email"): (
        "{titre} n’aura pas lieu",
        "Bonjour, {titre}, {jour}, n’aura pas lieu.\n"
        "Vous n’avez rien à faire.\n"
        "Nous vous proposerons une autre sortie.\n"
        "Une question ? {tel}",
    ),
    ("offer", "email"): (
        "Une place pour vous : {titre}",
        "Bonjour, une place se libère pour {titre}, {jour} à {heure}, {lieu}.\n"
        "Elle est gardée pour vous jusqu’à {limite}.\n"
        "[Répondre]\n"
        "Si la date ne convient pas, dites non : vous restez sur la liste pour "
        "d’autres sorties.\n"
        "{tel}",
    ),
}
"""Subject and text by kind and channel. Of an e-mail a line, of an SMS a sentence, is
left out when what it would say is not known; brackets hold what a link is called."""

EXAMPLE = {
    "titre": "Le Malade imaginaire",
    "jour": "mercredi 30 septembre",
    "heure": "20 h 30",
    "lien": "https://sorties.example.org/s/abcdefghijklmnop",
    "tel": "04 65 71 10 13",
    "rdv": "à 20 h, devant l’entrée",
    "places": "2 places",
    "lieu": "Théâtre La Criée",
    "accueil": "Rosa vous attend.",
    "limite": "mardi 29 septembre, 12 h",
    "transport": "métro 1, arrêt Vieux-Port.",
    "entree": "dites votre nom.",
    "tel_jour": "04 65 71 10 14",
    "nouveau": "mercredi 30 septembre à 20 h 30",
    "ancien": "jeudi 24 septembre à 20 h 30",
}
"""What stands for each placeholder in a preview."""

LONG = {
    **EXAMPLE,
    "titre": "Douze signes",
    "jour": "mercredi 30 septembre",
    "heure": "20h30",
    "lien": 46 * "x",
    "rdv": 28 * "x",
    "limite": "mercredi 18h30",
    "nouveau": "mercredi 30 septembre à 20h30",
}
"""As long as each may get in an SMS, the title cut as far as it is: a text that is too
long with these is refused."""
