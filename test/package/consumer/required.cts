// What CommonJS in TypeScript gets.
import twnet = require('twnet');
import video = require('twnet/video');

export async function sizeOf(clip: string): Promise<[width: number, height: number]> {
  const opened: video.Video = await twnet.openVideo(clip);
  const { width, height } = opened.info;
  await opened.close();
  return [width, height];
}
