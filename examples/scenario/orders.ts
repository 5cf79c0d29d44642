// swarmgate run --url https://preview.example.com --scenario examples/scenario/orders.ts
import { defineScenario } from "swarmgate/scenario";

type Session = { token: string };

export default defineScenario<Session>({
  async setup(user) {
    const login = await user.request({
      post: "/login",
      json: { email: `user${user.index}@example.com`, password: process.env["LOGIN_PASSWORD"] },
      expect: { status: 200, json: { "/token": "exists" } },
    });
    user.data.token = login.json<Session>().token;
  },

  tasks: [
    {
      name: "hello",
      weight: 3,
      async run(user) {
        await user.request({ get: "/hello", query: { tier: "gold" } });
      },
    },
    {
      name: "order",
      weight: 1,
      async run(user) {
        const headers = { authorization: `Bearer ${user.data.token}` };
        const created = await user.request({
          post: "/orders",
          headers,
          json: { sku: String(user.random.int(1, 100)), id: user.random.uuid() },
          expect: { status: 201, json: { "/status": "created" }, header: { "content-type": /json/ } },
        });
        const { id } = created.json<{ id: string }>();
        // Asks again until the order can be seen, which no list of steps can say.
        for (let attempt = 1; attempt <= 3; attempt++) {
          const seen = await user.request({
            get: `/orders/${id}`,
            name: "/orders/:id",
            query: { full: true },
            headers,
          });
          if (user.check("the order is the one that was made", seen.json<{ id: string }>().id === id)) break;
          await user.wait(0.2);
        }
        await user.request({
          put: `/orders/${id}`,
          name: "PUT /orders/:id",
          headers,
          form: { note: "hello & goodbye" },
        });
      },
    },
  ],

  async teardown(user) {
    await user.request({ post: "/logout", headers: { authorization: `Bearer ${user.data.token}` } });
  },
});
