/** Cookies, not local storage: the server then draws the right width at once. */
export const SIDEBAR_COOKIES = { pages: "tolstoy_sidebar", editor: "tolstoy_sidebar_editor" } as const;

export interface SidebarPreference {
  pages: "expanded" | "collapsed";
  /** The canvas wants the room, so there the sidebar starts as a rail. */
  editor: "expanded" | "collapsed";
}

export const readSidebarPreference = (cookie: (name: string) => string | undefined): SidebarPreference => ({
  pages: cookie(SIDEBAR_COOKIES.pages) === "collapsed" ? "collapsed" : "expanded",
  editor: cookie(SIDEBAR_COOKIES.editor) === "expanded" ? "expanded" : "collapsed",
});
