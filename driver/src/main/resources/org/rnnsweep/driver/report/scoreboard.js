// Filtering by paper and verdict; without it all rows are there.
const filter = document.getElementById("filter");
if (filter) {
  filter.hidden = false;
  const rows = [...document.querySelectorAll("table.board tbody tr")];
  const apply = () => {
    const { paper, verdict } = Object.fromEntries(new FormData(filter));
    for (const row of rows) {
      row.hidden = (paper !== "" && row.dataset.paper !== paper)
        || (verdict !== "" && row.dataset.verdict !== verdict);
    }
    const shown = rows.filter(row => !row.hidden).length;
    filter.querySelector("output").textContent = shown + " of " + rows.length + " claims";
  };
  filter.addEventListener("change", apply);
  apply();
}
