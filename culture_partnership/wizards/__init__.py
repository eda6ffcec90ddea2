from . import culture_register
from . import culture_register_line
from . import culture_outing_cancel
from . import culture_outing_postpone
from . import culture_first_steps
