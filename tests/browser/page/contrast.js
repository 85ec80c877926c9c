// Lists the texts and icons that stand out too little from what is painted behind them, as WCAG 2 counts it:
// a ratio of 4.5, for large text and for icons 3. What is disabled is exempt.
() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, below) => [0, 1, 2].map((at) => top[at] * top[3] + below[at] * (1 - top[3])).concat(1);
  const ground = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.push(rgba(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255, 1]);
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((each) => each / 255).map((x) => (x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => {
    const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const faint = [];
  const judge = (element, colour, least, what) => {
    const behind = ground(element);
    const found = ratio(over(rgba(colour), behind), behind);
    if (found < least) faint.push(`${found.toFixed(2)} ${what} ${element.tagName}.${element.getAttribute("class")}`);
  };
  const isSeen = (it) => it.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !it.closest(":disabled, .unseen");
  for (const element of document.querySelectorAll("body *")) {
    if (!isSeen(element)) continue;
    const style = getComputedStyle(element);
    const words = [...element.childNodes].filter((each) => each.nodeType === Node.TEXT_NODE).map((each) => each.data.trim()).join("");
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (words || element.matches("select")) judge(element, style.color, large ? 3 : 4.5, words.slice(0, 30));
    if (element.matches("svg.icon")) judge(element, style.color, 3, "icon");
    if (element.placeholder) judge(element, getComputedStyle(element, "::placeholder").color, 4.5, "placeholder");
  }
  return faint;
}
