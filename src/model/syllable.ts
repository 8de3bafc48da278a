/** Whether a word can be a Vietnamese syllable: a closed set of beginnings and rhymes, and at most one tone. Used to tell charsets apart. */

const BEGINNINGS = 'b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x'.split(' ');
const RHYMES = new Set(
  (
    'a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây ' +
    'e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu iê iêc iêm iên iêng iêp iêt iêu ' +
    'o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong oong op ot ' +
    'ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt ' +
    'u ua uân uâng uât uây uc uê uêch uênh ui um un ung uôc uôi uôm uôn uông uôt up ut uơ uy uya uych uyên uyêt uynh uyp uyt uyu ' +
    'ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu y yêm yên yêng yêt yêu'
  ).split(' '),
);
const TONES = /[\u0300\u0301\u0303\u0309\u0323]/g;

/** True for one syllable of any case, in Unicode. */
export function isSyllable(word: string): boolean {
  const parts = word.toLocaleLowerCase('vi').normalize('NFD');
  if ((parts.match(TONES)?.length ?? 0) > 1) return false;
  const plain = parts.replace(TONES, '').normalize('NFC');
  if (RHYMES.has(plain)) return true;
  return BEGINNINGS.some((beginning) => {
    if (!plain.startsWith(beginning)) return false;
    const rest = plain.slice(beginning.length);
    // In "gi" and "qu" the second letter belongs to both: "gì" is g + i, "quý" is qu + y.
    return RHYMES.has(rest) || (beginning === 'gi' && (rest === '' || RHYMES.has(`i${rest}`)));
  });
}
