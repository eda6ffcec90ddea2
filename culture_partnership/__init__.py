from . import controllers, models, wizards
from .hooks import pre_init_hook, uninstall_hook
from .tools import quiet_log

quiet_log.install()
