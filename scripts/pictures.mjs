#!/usr/bin/env node
// Makes the pictures of the README anew: `npm run build && npm run pictures`. Everything in them is real: the built
// command and daemon run against the bundled emulators, and a browser takes the screenshots.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { commentHtml } from './pictures/comment.mjs';
import { openStage } from './pictures/stage.mjs';
import { terminalHtml } from './pictures/terminal.mjs';

const images = join(dirname(fileURLToPath(import.meta.url)), '../docs/images');
const browserPath = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path && existsSync(path),
);
if (browserPath === undefined) {
  console.error('pictures: there is no Chromium here; name one in CHROMIUM_PATH');
  process.exit(1);
}

const stage = await openStage();
const browser = await chromium.launch({
  executablePath: browserPath,
  args: ['--no-sandbox', '--disable-gpu'],
});
try {
  const page = await browser.newPage({ deviceScaleFactor: 2, colorScheme: 'light' });

  await page.setViewportSize({ width: 900, height: 100 });
  await page.setContent(terminalHtml('llmform plan', await stage.plan()));
  await save('plan', await page.locator('main').screenshot());

  await page.setContent(commentHtml(await stage.comment()));
  await save('comment', await page.locator('main').screenshot());

  await page.setViewportSize({ width: 900, height: 100 });
  await page.goto(await stage.watch());
  await page.locator('details[data-key*="LLM/support"] summary').first().click();
  await save('watch', await page.screenshot({ fullPage: true }));
} finally {
  await browser.close();
  await stage.close();
}

/** With a palette, a screenshot is a third of its size, without a visible difference. */
async function save(name, screenshot) {
  const { size } = await sharp(screenshot)
    .png({ palette: true, effort: 10, compressionLevel: 9, dither: 0 })
    .toFile(join(images, `${name}.png`));
  console.error(`pictures: docs/images/${name}.png, ${Math.round(size / 1000)} kB`);
}
