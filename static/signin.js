// The sample company's sign-ins: a click fills the form in and sends it.

for (const button of document.querySelectorAll("[data-password]")) {
  button.addEventListener("click", () => {
    document.getElementById("name").value = button.dataset.name;
    document.getElementById("password").value = button.dataset.password;
    document.getElementById("signin").requestSubmit();
  });
}
