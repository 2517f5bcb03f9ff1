export const STORAGE_KEY = "tolstoy-theme";
export const CHANGE_EVENT = "tolstoy-theme-change";
export const DARK_QUERY = "(prefers-color-scheme: dark)";

/**
 * Runs before the first paint, so that the page never flashes in the wrong theme. It follows the system and other tabs
 * from then on, whether or not React is there yet.
 */
export const themeScript = `(()=>{const d=document.documentElement,m=matchMedia("${DARK_QUERY}");const a=()=>{let t=null;try{t=localStorage.getItem("${STORAGE_KEY}")}catch{}d.classList.toggle("dark",t==="dark"||(t!=="light"&&m.matches))};a();m.addEventListener("change",a);addEventListener("storage",a);addEventListener("${CHANGE_EVENT}",a)})()`;
