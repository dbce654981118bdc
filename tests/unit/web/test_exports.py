import inspect

import onrecord.web
from onrecord.web import errors


def test_all_is_complete_and_sorted() -> None:
    public = {name for name, value in vars(onrecord.web).items() if not name.startswith("_") and not inspect.ismodule(value)}
    assert public == set(onrecord.web.__all__)
    assert len(set(onrecord.web.__all__)) == len(onrecord.web.__all__)


def test_every_error_is_drawn_and_exported() -> None:
    tree = errors.__doc__ or ""
    found = [value for value in vars(errors).values() if inspect.isclass(value) and issubclass(value, errors.WebError)]
    assert len(found) == 7
    for kind in found:
        assert kind.__name__ in tree
        assert kind.__name__ in onrecord.web.__all__
