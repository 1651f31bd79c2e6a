"""What a check may ask beyond plain fields: small pure functions, one module a topic; the folder is the list."""

import importlib
import pkgutil

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")
