"""How common a source is in a massage or physiotherapy clinic, where no source on it was read: judged, not published.

The atlas holds a word with its citation where one was read, and that word always wins. Without one a source would get
the default of its kind, which calls a stiff hip joint as rare as a nerve pressed by a ligament that few people have.
The words here are the judgement of the people who write Tautband, set from what clinicians list, never from cases. A
clinic's own counts replace them in a reviewed step (`counts`).
"""

from collections.abc import Mapping
from types import MappingProxyType

from tautband.knowledge.records import Commonness

_WORDS: dict[Commonness, str] = {
    Commonness.COMMON: """
        joint.cervicogenic_headache joint.first_mtp joint.patellofemoral joint.hip_osteoarthritis
        joint.acromioclavicular
        joint.meniscus joint.finger_joints
        tissue.rotator_cuff_tear tissue.lumbar_stenosis tissue.iliotibial_band tissue.hamstring_tear
        muscle.brachialis muscle.iliocostalis_thoracis muscle.lateral_pterygoid muscle.latissimus_dorsi
        muscle.longissimus_lumborum muscle.longissimus_thoracis muscle.lower_trapezius muscle.lumbar_multifidus
        muscle.middle_trapezius muscle.rhomboids muscle.semispinalis_capitis muscle.serratus_posterior_superior
        muscle.splenius_capitis muscle.thoracic_multifidus muscle.triceps_medial_head muscle.iliacus
    """,
    Commonness.UNCOMMON: """
        joint.hip joint.ankle joint.coccyx joint.costovertebral joint.elbow joint.femoroacetabular_impingement
        joint.glenohumeral_instability joint.glenohumeral_osteoarthritis joint.lesser_mtp joint.lumbar_segmental
        joint.hip_labrum joint.slap joint.knee_ligament joint.spondylolisthesis joint.temporomandibular_disc
        joint.thoracic.t1_t4 joint.thoracic.t4_t8 joint.thoracic.t8_t12 joint.thoracolumbar_junction joint.wrist
        joint.subtalar joint.distal_radioulnar joint.scapulothoracic
        tissue.baker_cyst tissue.biceps_tendinopathy tissue.calcific_tendinitis_shoulder tissue.calf_tear
        tissue.delayed_soreness tissue.dysmenorrhoea tissue.fat_pad tissue.fibularis_tendinopathy tissue.ganglion
        tissue.heel_fat_pad tissue.iliopsoas_tendinopathy tissue.medial_epicondylalgia tissue.muscle_strain_trunk
        tissue.olecranon_bursitis tissue.osgood_schlatter tissue.patellar_tendinopathy tissue.pes_anserine
        tissue.polyneuropathy tissue.proximal_hamstring_tendinopathy tissue.quadriceps_strain
        tissue.retrocalcaneal_bursitis tissue.sinusitis tissue.dental tissue.subacromial_bursitis
        tissue.tibialis_posterior_tendinopathy tissue.torticollis tissue.trigger_finger
        tissue.chronic_exertional_compartment
        entrapment.occipital.greater entrapment.sciatic.piriformis entrapment.brachial_plexus.interscalene
        entrapment.brachial_plexus.costoclavicular entrapment.brachial_plexus.pectoralis_minor
        entrapment.abdominal_wall.intercostal entrapment.fibular.superficial
    """,
    Commonness.VERY_RARE: """
        joint.crowned_dens joint.hip_transient_synovitis joint.baastrup joint.bertolotti
        tissue.burning_mouth tissue.cervical_dystonia tissue.eagle tissue.kienbock tissue.lumbosacral_radiculoplexus
        tissue.mondor tissue.pterygoid_myositis tissue.teres_latissimus_tear tissue.pectoralis_tear
        root.s3 root.s4
        entrapment.brachial_plexus.arterial_tos entrapment.brachial_plexus.cervical_rib
        entrapment.cervical_cutaneous.transverse entrapment.femoral.medial_cutaneous entrapment.femoral.retroperitoneal
        entrapment.gluteal.inferior entrapment.lumbosacral_plexus entrapment.median.ligament_of_struthers
        entrapment.median.palmar_cutaneous entrapment.median.recurrent_motor entrapment.radial.posterior_antebrachial
        entrapment.sciatic.thigh entrapment.subscapular entrapment.thoracodorsal entrapment.tibial.calf
        entrapment.tibial.popliteal entrapment.trigeminal.lingual entrapment.trigeminal.infraorbital
        entrapment.ulnar.arcade_of_struthers entrapment.musculocutaneous.coracobrachialis
        muscle.articularis_genus muscle.scalene_minimus
    """,
    Commonness.RARE: """
        muscle.abductor_digiti_minimi_hand muscle.buccinator muscle.bulbospongiosus muscle.corrugator
        muscle.extensor_digiti_minimi muscle.extensor_hallucis_brevis muscle.extensor_pollicis_brevis
        muscle.extensor_pollicis_longus muscle.flexor_digiti_minimi_foot muscle.flexor_pollicis_brevis
        muscle.foot_lumbricals muscle.gemelli muscle.hand_lumbricals muscle.infrahyoids muscle.ischiocavernosus
        muscle.longus_capitis muscle.mylohyoid muscle.obturator_externus muscle.orbicularis_oculi muscle.plantaris
        muscle.platysma muscle.pronator_quadratus muscle.pyramidalis muscle.sphincter_ani muscle.spinalis_thoracis
        muscle.stylohyoid muscle.transverse_perineal muscle.zygomaticus muscle.fibularis_tertius
        muscle.foot_interossei muscle.extensor_indicis
    """,
}
JUDGED: Mapping[str, Commonness] = MappingProxyType({id: word for word, ids in _WORDS.items() for id in ids.split()})
"""Source id -> our word for it; only used where the atlas has no read fact."""
