// A real OpenID provider for the tests: any login name is let in, and its subject is that name.
import Provider from "oidc-provider";

const port = Number(process.argv[2]);
const secret = "a secret of the tests that is long enough";
const client = (client_id) => ({
  client_id,
  client_secret: secret,
  redirect_uris: ["http://127.0.0.1:1/login/oidc/back"],
});

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [client("planner"), client("other")],
  pkce: { required: () => true },
  features: { devInteractions: { enabled: true } },
  cookies: { keys: ["of the tests"] },
  findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
});
// The port of the application is known only when it runs.
provider.Client.prototype.redirectUriAllowed = (address) => new URL(address).pathname === "/login/oidc/back";
provider.listen(port, "127.0.0.1", () => console.log("ready"));
