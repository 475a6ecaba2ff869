// The printed page for a client: one button.
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
