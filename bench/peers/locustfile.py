"""One request a turn; CLIENT picks Locust's client, WAIT the seconds between a user's requests."""

import os

from locust import FastHttpUser, HttpUser, constant, task

WAIT = float(os.environ["WAIT"])
BASE = HttpUser if os.environ["CLIENT"] == "HttpUser" else FastHttpUser


class Visitor(BASE):
    wait_time = constant(WAIT)

    @task
    def hello(self):
        self.client.get(os.environ["URL_PATH"])
