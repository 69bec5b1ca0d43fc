// Buttons that save what other components show as a picture.
//
// data: {buttons: [{what, file, label}]}. The press goes over the bus ("backlight:picture" on
// document), so that the browser paints what is on its screen and nothing is sent.

const BUS = "backlight:picture";

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".pictures");
  const buttons = (data?.buttons ?? []).map(({ what, file, label }) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", () => {
      document.dispatchEvent(new CustomEvent(BUS, { detail: { what, file } }));
    });
    return button;
  });
  root?.replaceChildren(...buttons);
}
