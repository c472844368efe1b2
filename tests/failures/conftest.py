"""The figure: how many failures, and how many the printed way out resolved."""


def pytest_terminal_summary(terminalreporter):
    tried = [
        properties["resolved"]
        for report in terminalreporter.stats.get("passed", [])
        if "resolved" in (properties := dict(report.user_properties))
    ]
    if tried:
        terminalreporter.write_line(
            f"induced failures: {len(tried)}; resolved by the printed command: {sum(tried)}"
        )
