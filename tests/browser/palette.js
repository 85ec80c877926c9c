// Reduces a picture to few colours: those that it has most of, then those that would be missed most.
async (address) => {
  const MOST = 64;
  const MISSED = 64;
  const picture = new Image();
  picture.src = address;
  await picture.decode();
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const context = canvas.getContext("2d");
  context.drawImage(picture, 0, 0);
  const pixels = new Uint32Array(context.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const rgb = (pixel) => [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
  const colours = [...counts].sort((one, other) => other[1] - one[1]).slice(0, MOST).map(([pixel]) => rgb(pixel));
  const distance = (one, other) => one.reduce((sum, each, at) => sum + (each - other[at]) ** 2, 0);
  const far = new Map([...counts.keys()].map((pixel) => [pixel, { away: Infinity, place: 0 }]));
  const bring = (colour, place) => {
    for (const [pixel, best] of far) {
      const away = distance(colour, rgb(pixel));
      if (away < best.away) Object.assign(best, { away, place });
    }
  };
  colours.forEach(bring);
  for (let step = 0; step < MISSED; step += 1) {
    const missed = [...far].reduce((worst, each) => (counts.get(each[0]) * each[1].away > counts.get(worst[0]) * worst[1].away ? each : worst));
    colours.push(rgb(missed[0]));
    bring(colours.at(-1), colours.length - 1);
  }
  const rows = Array.from({ length: canvas.height }, (_, y) =>
    String.fromCharCode(...Array.from(pixels.subarray(y * canvas.width, (y + 1) * canvas.width), (each) => far.get(each).place)),
  );
  return { width: canvas.width, height: canvas.height, colours: colours.flat(), rows: rows.map(btoa) };
}
