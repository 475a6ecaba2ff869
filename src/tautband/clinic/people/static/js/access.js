// Print buttons, and the ceremony of a passkey. The server gives the options as JSON, gets the answer in a form field.
for (const button of document.querySelectorAll("[data-prints]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const listed = (keys) => (keys || []).map((key) => ({ ...key, id: bytes(key.id) }));

async function make(options) {
  const given = options.publicKey;
  const publicKey = {
    ...given,
    challenge: bytes(given.challenge),
    user: { ...given.user, id: bytes(given.user.id) },
    excludeCredentials: listed(given.excludeCredentials),
    authenticatorSelection: { ...given.authenticatorSelection, residentKey: "required", requireResidentKey: true, userVerification: "required" },
  };
  const key = await navigator.credentials.create({ publicKey });
  const { clientDataJSON, attestationObject } = key.response;
  const transports = key.response.getTransports ? key.response.getTransports() : [];
  return answer(key, { clientDataJSON: text(clientDataJSON), attestationObject: text(attestationObject), transports });
}

async function ask(options) {
  const given = options.publicKey;
  const publicKey = { ...given, challenge: bytes(given.challenge), allowCredentials: listed(given.allowCredentials) };
  const key = await navigator.credentials.get({ publicKey });
  const { clientDataJSON, authenticatorData, signature, userHandle } = key.response;
  return answer(key, {
    clientDataJSON: text(clientDataJSON),
    authenticatorData: text(authenticatorData),
    signature: text(signature),
    userHandle: userHandle ? text(userHandle) : null,
  });
}

const answer = (key, response) => ({
  id: key.id,
  rawId: text(key.rawId),
  type: key.type,
  authenticatorAttachment: key.authenticatorAttachment,
  clientExtensionResults: key.getClientExtensionResults(),
  response,
});

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const button = form.querySelector("[type=submit]");
  const trouble = form.querySelector(".passkey-trouble");
  if (!window.PublicKeyCredential || /^\[?[\d.:a-f]+\]?$/i.test(location.hostname)) {
    for (const part of document.querySelectorAll("[data-needs-passkey]")) part.hidden = true;
    for (const part of document.querySelectorAll("[data-no-passkey]")) part.hidden = false;
    continue;
  }
  form.elements.credential.value = "";
  button.disabled = false;
  form.addEventListener("submit", async (event) => {
    const field = form.elements.credential;
    if (field.value) return;
    event.preventDefault();
    event.stopPropagation();
    trouble.hidden = true;
    try {
      const given = form.dataset.options
        ? JSON.parse(document.getElementById(form.dataset.options).textContent)
        : await (await fetch(form.action, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } })).json();
      const options = given.creation_options || given.request_options;
      field.value = JSON.stringify(await (form.dataset.passkey === "make" ? make(options) : ask(options)));
      delete form.dataset.sent;
      form.requestSubmit(button);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      trouble.hidden = false;
    }
  }, { capture: true });
}
