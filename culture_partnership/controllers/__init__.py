from . import answer
from . import culture_import
from . import entry_list
from . import portal
