/** The viewer of a part: one who may act gets buttons, and a page with few targets has room for their plans. */
export interface View {
  actions: boolean;
  roomy: boolean;
}
