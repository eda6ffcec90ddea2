from . import culture_import
