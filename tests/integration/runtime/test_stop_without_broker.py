import os
import signal
import socket
import subprocess
import sys

STOP_LIMIT_S = 10


def test_a_service_that_waits_for_its_broker_can_be_stopped() -> None:
    with socket.socket() as reserved:  # bound and not listening: nothing answers, and nobody else takes the port
        reserved.bind(("127.0.0.1", 0))
        environ = {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")}
        service = subprocess.Popen(
            [sys.executable, "-m", "onrecord.scraper.main"],
            env={**environ, "ONRECORD_KAFKA_BOOTSTRAP": f"127.0.0.1:{reserved.getsockname()[1]}"},
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert service.stderr is not None
        try:
            assert any("Kafka is away" in line for line in service.stderr)
            service.send_signal(signal.SIGTERM)
            _, rest = service.communicate(timeout=STOP_LIMIT_S)
        finally:
            service.kill()
    assert service.returncode == 0
    assert "Traceback" not in rest
