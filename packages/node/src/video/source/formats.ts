/**
 * The containers and streams that FFmpeg may be asked to read. Each of them holds its pictures itself; those that
 * name other files, addresses or devices (concat, hls, dash, imf, sdp, rtsp, vobsub, lavfi, image2, v4l2, …) are
 * not among them, nor are scripts and texts played as pictures (tty, bin, …) and trackers of music.
 */
const CONTAINERS = `
  mov mp4 m4a 3gp 3g2 mj2 matroska webm avi flv live_flv kux mpegts mpegtsraw mpeg ogg asf asf_o mxf gxf lxf nut wtv
  ivf rm ivr nsv nuv dv swf av1 obu yuv4mpegpipe ty pva pmp mpjpeg dhav hxvs ifv luodat lvf iv8 nc mxg msnwctcp
  lmlm4 cine mlv r3d ser fits vividas vivo usm
`;

/** Streams without a container. */
const STREAMS = `
  h264 hevc vvc evc apv m4v mpegvideo mjpeg mjpeg_2000 h261 h263 dirac dnxhd vc1 vc1test cavsvideo avs2 avs3 ipu
  rawvideo v210 v210x bitpacked ingenient pdv
`;

/** Of games and early computers: self-contained as well. */
const GAMES = `
  4xm anm avs bethsoftvid bfi bink bmv c93 cdg cdxl dcstr dfa dsicin dxa ea ea_cdata film_cpk filmstrip flic frm gdv
  hnm idcin iff ipmovie iss jv mgsts mm mods moflex mtv mv mvi paf psxstr rl2 roq rpl sga siff smjpeg smk smush
  thp tiertexseq tmv txd vmd wc3movie wsvqa xmv yop
`;

/** Pictures, moving or one alone, which is a video of one frame. */
const PICTURES = `
  gif apng webp_anim jpegxl_anim ico msp alias_pix brender_pix bmp_pipe cri_pipe dds_pipe dpx_pipe exr_pipe gem_pipe
  gif_pipe hdr_pipe j2k_pipe jpeg_pipe jpegls_pipe jpegxl_pipe jpegxs_pipe pam_pipe pbm_pipe pcx_pipe pfm_pipe
  pgm_pipe pgmyuv_pipe pgx_pipe phm_pipe photocd_pipe pictor_pipe png_pipe ppm_pipe psd_pipe qdraw_pipe qoi_pipe
  sgi_pipe sunrast_pipe tiff_pipe vbn_pipe webp_pipe xbm_pipe xpm_pipe xwd_pipe
`;

/** Sound: opened to say that there is no video; and parts of playlists. */
const SOUND = 'wav w64 mp3 aac ac3 eac3 flac aiff au amr caf wv tta ape dts mpc mpc8 truehd loas';

const words = (text: string) => text.trim().split(/\s+/);

/** FFmpeg's `format_whitelist` for whatever was not given as a playlist. */
export const SELF_CONTAINED = [CONTAINERS, STREAMS, GAMES, PICTURES, SOUND].flatMap(words).join(',');

/** The same for a playlist that the person vouches for, and for what it names. */
export const WITH_PLAYLISTS = [SELF_CONTAINED, 'hls', 'dash', 'concat', 'imf', 'sdp', 'webvtt'].join(',');

/** The same for a live address (`rtsp:` and the like), whose demuxers open it themselves. */
export const WITH_LIVE = [WITH_PLAYLISTS, 'rtsp', 'rtp', 'rdt'].join(',');
